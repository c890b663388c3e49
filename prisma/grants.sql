-- What the application's database role may do. Run after every deploy of migrations, by the owner; safe to run again.
GRANT USAGE ON SCHEMA public TO fairlead_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO fairlead_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO fairlead_app;
-- The audit log and the list of migrations are not the application's to change.
DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN SELECT 'public.audit_entries'::regclass UNION SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'public.audit_entries'::regclass LOOP
    EXECUTE format('REVOKE ALL ON %s FROM fairlead_app', part);
  END LOOP;
END;
$$;
GRANT SELECT, INSERT ON audit_entries TO fairlead_app;
REVOKE INSERT, UPDATE, DELETE ON _prisma_migrations, security_changes FROM fairlead_app;
GRANT EXECUTE ON FUNCTION audit_ensure_partition(date) TO fairlead_app;
