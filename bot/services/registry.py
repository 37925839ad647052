"""The services by name, as handlers are given them."""

from dataclasses import dataclass

from bot.services.directory_sync import DirectorySyncService
from bot.services.offboarding import OffboardingService
from bot.services.refusals import Refusals
from bot.services.tenants import TenantService
from bot.services.watch import WatchService


@dataclass(frozen=True)
class Services:
    """Everything a listener or a job may ask for."""

    tenants: TenantService
    watch: WatchService
    offboarding: OffboardingService
    directory: DirectorySyncService
    refusals: Refusals
