#!/usr/bin/env bash
# One database and one role for each service; a role gets into its own database only. Repeatable: PostgreSQL's image
# runs it at the first start, an operator runs it again when a service was added.
#
# The services are those that YIWANG_DB_PASSWORD_<SERVICE> is set for. The role yiwang_prepare migrates them all: in
# each database it acts as that database's own role, so that everything belongs to the service.
set -euo pipefail

super() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres "$@"
}

super --set password="$YIWANG_PREPARE_PASSWORD" <<'SQL'
SELECT 'CREATE ROLE yiwang_prepare' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yiwang_prepare') \gexec
ALTER ROLE yiwang_prepare LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO yiwang_prepare;
SQL

for variable in "${!YIWANG_DB_PASSWORD_@}"; do
    service=${variable#YIWANG_DB_PASSWORD_}
    super --set name="yiwang_${service,,}" --set password="${!variable}" <<'SQL'
SELECT format('CREATE ROLE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
SELECT format(
    'CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LC_COLLATE ''C'' LC_CTYPE ''C.UTF-8''', :'name', :'name'
) WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT :"name" TO yiwang_prepare;
GRANT CONNECT ON DATABASE :"name" TO yiwang_prepare;
ALTER ROLE yiwang_prepare IN DATABASE :"name" SET role = :'name';
SQL
done
