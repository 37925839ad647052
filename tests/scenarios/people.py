"""Who works at Contoso, and where they talk. The sandbox's seeds know them too."""

ADA = "U0ADA"  # workspace owner, administers Gatehouse
RUTH = "U0RUTH"  # asks for offboardings
AMIR = "U0AMIR"  # approver
NORA = "U0NORA"  # approver
DANA = "U0DANA"  # the leaver
OMAR = "U0OMAR"  # owns apps
LEE = "U0LEE"  # ordinary; not in the approvals channel
GUS = "U0GUS"  # guest

ALERTS = "C0ALERTS"
APPROVALS = "C0APPROVE"
GENERAL = "C0GENERAL"  # the bot is not in it
OLD = "C0OLD"  # archived

TENANT_ID = "8a1f0c52-6d1e-4c0b-9d5f-3b7a52f0c001"
CLIENT_ID = "5d3c2b1a-0f9e-4d8c-b7a6-95847362514f"
SECRET = "gh78Q~demoSECRETvalue-not-real-012345678"
SECRET_ID = "11111111-aaaa-4bbb-8ccc-222222222222"
