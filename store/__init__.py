"""SQL: tables, migrations, and one module an aggregate."""
