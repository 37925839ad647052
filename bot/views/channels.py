"""How it is said that a channel is closed to the bot."""

from bot.domain.tenants import Tenant
from bot.views.text import Drawing, channel, foreign, section

_WHY = {
    "is_archived": "the channel is archived",
    "not_in_channel": "Gatehouse is no longer in it",
    "channel_not_found": "Gatehouse cannot see it (any more)",
    "restricted_action": "only some people may post there",
}


def channel_unusable_message(tenant: Tenant, detail: str) -> Drawing:
    """Tell that a tenant's messages wait, and how to let them through.

    Args:
        detail: the channel's ID and Slack's word for why, with a space between.
    """
    channel_id, _, reason = detail.partition(" ")
    why = _WHY.get(reason, reason)
    text = (
        f":warning: Messages about *{foreign(tenant.name)}* reach nobody: Gatehouse "
        f"cannot post in {channel(channel_id)}, because {why}. They wait; nothing is "
        "lost.\n*Next:* type `/invite @Gatehouse` there, or choose another channel "
        "with `/entra settings`."
    )
    plain = f"Messages about {tenant.name} reach nobody: {why}."
    return Drawing(plain, [section(text)])
