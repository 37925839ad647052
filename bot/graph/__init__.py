"""Microsoft Graph and the Microsoft identity platform, spoken to from one place."""
