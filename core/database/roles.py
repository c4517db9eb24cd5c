"""The three roles: the owner migrates, the app serves one tenant at a time, the platform keeps the registry."""

from sqlalchemy import Connection, text

from core.database.tables import APP_ROLE, PLATFORM_ROLE

OWNER_ROLE = "hexmart_owner"


def ensure_roles(connection: Connection, *, password: str | None = None) -> None:
    """Create the roles a cluster lacks and become the owner; needs CREATEROLE only where one is missing."""
    if _create(connection, OWNER_ROLE, "NOLOGIN"):
        connection.execute(text(f"GRANT {OWNER_ROLE} TO current_user"))
    for role in (APP_ROLE, PLATFORM_ROLE):
        if _create(connection, role, "LOGIN") and password:
            connection.execute(text(f"ALTER ROLE {role} PASSWORD '{password.replace(chr(39), chr(39) * 2)}'"))
    connection.execute(text("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
    connection.execute(text(f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER_ROLE}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {PLATFORM_ROLE}"))
    connection.execute(text(f"SET ROLE {OWNER_ROLE}"))


def _create(connection: Connection, role: str, login: str) -> bool:
    """Create a role unless the cluster has it; says whether this call made it."""
    if connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": role}):
        return False
    options = f"{login} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
    # Roles belong to the cluster: another database's migration may be making the same one at this moment.
    connection.execute(
        text(
            f"DO $$ BEGIN CREATE ROLE {role} {options}; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    )
    return True
