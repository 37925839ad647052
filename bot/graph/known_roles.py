"""Microsoft's own IDs of the application permissions that Gatehouse knows.

They are the same in every tenant and cloud, so a registration can be understood even
before anything is consented, when Graph does not yet tell names.

Source: Microsoft's published permissions data (Graph v1.0, application scheme).
"""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from bot.domain.permissions import AppRole as R

KNOWN_ROLES: Mapping[UUID, R] = MappingProxyType(
    {
        UUID("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"): R.APPLICATION_READ_ALL,
        UUID("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"): R.APPLICATION_READ_WRITE_ALL,
        UUID("18a4783c-866b-4cc7-a460-3d5e5662c884"): R.APPLICATION_READ_WRITE_OWNED_BY,
        UUID("b0afded3-3588-46d8-8b3d-9842eff778da"): R.AUDIT_LOG_READ_ALL,
        UUID("7438b122-aefc-4978-80ed-43db9fcc7715"): R.DEVICE_READ_ALL,
        UUID(
            "2f51be20-0bb4-4fed-bf7b-db946066c75e"
        ): R.DEVICE_MANAGEMENT_MANAGED_DEVICES_READ_ALL,
        UUID("7ab1d382-f21e-4acd-a863-ba3e13f7da61"): R.DIRECTORY_READ_ALL,
        UUID("19dbc75e-c2e2-444c-a770-ec69d8559fc7"): R.DIRECTORY_READ_WRITE_ALL,
        UUID("5b567255-7703-4780-807c-7be8301ae99b"): R.GROUP_READ_ALL,
        UUID("62a82d76-70ea-41e2-9197-370581804d09"): R.GROUP_READ_WRITE_ALL,
        UUID("98830695-27a2-44f7-8c18-0c3ebc9698f6"): R.GROUP_MEMBER_READ_ALL,
        UUID("dbaae8cf-10b5-4b86-a4a1-f871c94c6695"): R.GROUP_MEMBER_READ_WRITE_ALL,
        UUID("e321f0bb-e7f7-481e-bb28-e3b0b32d4bd0"): R.IDENTITY_PROVIDER_READ_ALL,
        UUID(
            "5facf0c1-8979-4e95-abcf-ff3d079771c0"
        ): R.LICENSE_ASSIGNMENT_READ_WRITE_ALL,
        UUID("e2f98668-2877-4f38-a2f4-8202e0717aa1"): R.LICENSE_ASSIGNMENT_READ_ALL,
        UUID("498476ce-e0fe-48b0-b801-37ba7e2685c6"): R.ORGANIZATION_READ_ALL,
        UUID("091937d3-3e38-47a1-8649-b2f99d3035f1"): R.PROVISIONING_LOG_READ_ALL,
        UUID("230c1aed-a721-4c5d-9cb4-a90514e508ef"): R.REPORTS_READ_ALL,
        UUID(
            "d5fe8ce8-684c-4c83-a52c-46e882ce4be1"
        ): R.ROLE_ASSIGNMENT_SCHEDULE_READ_DIRECTORY,
        UUID(
            "ff278e11-4a33-4d0c-83d2-d01dc58929a5"
        ): R.ROLE_ELIGIBILITY_SCHEDULE_READ_DIRECTORY,
        UUID("483bed4a-2ad3-4361-a73b-c83ccdbdc53c"): R.ROLE_MANAGEMENT_READ_DIRECTORY,
        UUID(
            "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"
        ): R.ROLE_MANAGEMENT_READ_WRITE_DIRECTORY,
        UUID("5ba43d2f-fa88-4db2-bd1c-a67c5f0fb1ce"): R.SYNCHRONIZATION_READ_ALL,
        UUID(
            "38d9df27-64da-44fd-b7c5-a6fbac20248f"
        ): R.USER_AUTHENTICATION_METHOD_READ_ALL,
        UUID(
            "50483e42-d915-4231-9639-7fdb7fd190e5"
        ): R.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL,
        UUID(
            "627169a8-8c15-451c-861a-5b80e383de5c"
        ): R.USER_AUTH_METHOD_TAP_READ_WRITE_ALL,
        UUID("3011c876-62b7-4ada-afa2-506cbbecc68c"): R.USER_ENABLE_DISABLE_ACCOUNT_ALL,
        UUID("df021288-bdef-4463-88db-98f22de89214"): R.USER_READ_ALL,
        UUID("741f803b-c850-494e-b5df-cde7c675a1ca"): R.USER_READ_WRITE_ALL,
        UUID("77f3a031-c388-4f99-b373-dc68676a979e"): R.USER_REVOKE_SESSIONS_ALL,
    }
)

# Delegated permissions have IDs of their own. With these an app whose permissions were
# all chosen as Delegated, which therefore may read nothing, can still be told so.
KNOWN_SCOPES: Mapping[UUID, R] = MappingProxyType(
    {
        UUID("c79f8feb-a9db-4090-85f9-90d820caa0eb"): R.APPLICATION_READ_ALL,
        UUID("bdfbf15f-ee85-4955-8675-146e8e5296b5"): R.APPLICATION_READ_WRITE_ALL,
        UUID("e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20"): R.AUDIT_LOG_READ_ALL,
        UUID("06da0dbc-49e2-44d2-8312-53f166ab848a"): R.DIRECTORY_READ_ALL,
        UUID("c5366453-9fb0-48a5-a156-24f0c49a4b84"): R.DIRECTORY_READ_WRITE_ALL,
        UUID("5f8c59db-677d-491f-a6b8-5f174b11ec1d"): R.GROUP_READ_ALL,
        UUID("4e46008b-f24c-477d-8fff-7bb4ec7aafe0"): R.GROUP_READ_WRITE_ALL,
        UUID("bc024368-1153-4739-b217-4326f2e966d0"): R.GROUP_MEMBER_READ_ALL,
        UUID("f81125ac-d3b7-4573-a3b2-7099cc39df9e"): R.GROUP_MEMBER_READ_WRITE_ALL,
        UUID("4908d5b9-3fb2-4b1e-9336-1888b7937185"): R.ORGANIZATION_READ_ALL,
        UUID("741c54c3-0c1e-44a1-818b-3f97ab4e8c83"): R.ROLE_MANAGEMENT_READ_DIRECTORY,
        UUID(
            "aec28ec7-4d02-4e8c-b864-50163aea77eb"
        ): R.USER_AUTHENTICATION_METHOD_READ_ALL,
        UUID(
            "b7887744-6746-4312-813d-72daeaee7e2d"
        ): R.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL,
        UUID("a154be20-db9c-4678-8ab7-66f6cc099a59"): R.USER_READ_ALL,
        UUID("204e0828-b5ca-4ad8-b9f3-f32a958e7cc4"): R.USER_READ_WRITE_ALL,
    }
)
