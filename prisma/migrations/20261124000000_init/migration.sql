-- CreateEnum
CREATE TYPE "principal_kind" AS ENUM ('user', 'robot');

-- CreateEnum
CREATE TYPE "project_role" AS ENUM ('viewer', 'deployer', 'operator', 'admin');

-- CreateEnum
CREATE TYPE "revision_state" AS ENUM ('pending', 'applying', 'applied', 'failed', 'interrupted');

-- CreateTable
CREATE TABLE "principals" (
    "id" UUID NOT NULL,
    "kind" "principal_kind" NOT NULL,
    "name" VARCHAR(63) NOT NULL,
    "display_name" VARCHAR(100) NOT NULL,
    "password_hash" TEXT,
    "must_change_password" BOOLEAN NOT NULL DEFAULT false,
    "platform_roles" TEXT[],
    "disabled_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "principals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "principal_id" UUID NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "address" VARCHAR(64) NOT NULL,
    "user_agent" VARCHAR(300) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tokens" (
    "id" UUID NOT NULL,
    "principal_id" UUID NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "read_only" BOOLEAN NOT NULL DEFAULT false,
    "cluster_ids" UUID[],
    "only_clusters" BOOLEAN NOT NULL DEFAULT false,
    "project_ids" UUID[],
    "only_projects" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clusters" (
    "id" UUID NOT NULL,
    "name" VARCHAR(63) NOT NULL,
    "server" TEXT NOT NULL,
    "ca_data" TEXT NOT NULL,
    "minter_token" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "accounts_version" INTEGER NOT NULL,
    "version" TEXT,
    "simulated" BOOLEAN NOT NULL DEFAULT false,
    "unreachable_since" TIMESTAMPTZ(3),
    "unreachable_reason" TEXT,
    "last_contact_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID,

    CONSTRAINT "clusters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "projects" (
    "id" UUID NOT NULL,
    "name" VARCHAR(63) NOT NULL,
    "display_name" VARCHAR(100) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID NOT NULL,

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project_namespaces" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "namespace" VARCHAR(63) NOT NULL,
    "created" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "project_namespaces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grants" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "principal_id" UUID NOT NULL,
    "role" "project_role" NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "granted_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "apps" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "namespace" VARCHAR(63) NOT NULL,
    "name" VARCHAR(63) NOT NULL,
    "current_revision" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID NOT NULL,
    "created_by_name" VARCHAR(63) NOT NULL,

    CONSTRAINT "apps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revisions" (
    "app_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "cause" VARCHAR(20) NOT NULL,
    "summary" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "manifests" JSONB NOT NULL,
    "author_id" UUID,
    "author_kind" VARCHAR(10) NOT NULL,
    "author_name" VARCHAR(63) NOT NULL,
    "audit_id" UUID NOT NULL,
    "rolled_back_from" INTEGER,
    "state" "revision_state" NOT NULL,
    "lease_owner" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "applied_at" TIMESTAMPTZ(3),

    CONSTRAINT "revisions_pkey" PRIMARY KEY ("app_id","number")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "day" DATE NOT NULL,
    "writer" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "stage" SMALLINT NOT NULL,
    "action" VARCHAR(120) NOT NULL,
    "verb" VARCHAR(30) NOT NULL,
    "actor_id" UUID,
    "actor_name" VARCHAR(63) NOT NULL,
    "project_id" UUID,
    "cluster_id" UUID,
    "door" VARCHAR(10) NOT NULL,
    "outcome" VARCHAR(10) NOT NULL,
    "mutating" BOOLEAN NOT NULL,
    "record" TEXT NOT NULL,
    "prev_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("day","writer","seq")
) PARTITION BY RANGE ("day");

-- CreateTable
CREATE TABLE "security_changes" (
    "seq" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "kind" VARCHAR(20) NOT NULL,
    "principal_id" UUID,
    "subject_id" UUID NOT NULL,

    CONSTRAINT "security_changes_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "settings" (
    "key" VARCHAR(100) NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "principals_name_key" ON "principals"("name");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_secret_hash_key" ON "sessions"("secret_hash");

-- CreateIndex
CREATE INDEX "sessions_principal_id_idx" ON "sessions"("principal_id");

-- CreateIndex
CREATE UNIQUE INDEX "tokens_secret_hash_key" ON "tokens"("secret_hash");

-- CreateIndex
CREATE INDEX "tokens_principal_id_idx" ON "tokens"("principal_id");

-- CreateIndex
CREATE UNIQUE INDEX "clusters_name_key" ON "clusters"("name");

-- CreateIndex
CREATE UNIQUE INDEX "clusters_uid_key" ON "clusters"("uid");

-- CreateIndex
CREATE UNIQUE INDEX "projects_name_key" ON "projects"("name");

-- CreateIndex
CREATE INDEX "project_namespaces_project_id_idx" ON "project_namespaces"("project_id");

-- CreateIndex
CREATE UNIQUE INDEX "project_namespaces_cluster_id_namespace_key" ON "project_namespaces"("cluster_id", "namespace");

-- CreateIndex
CREATE INDEX "grants_principal_id_idx" ON "grants"("principal_id");

-- CreateIndex
CREATE UNIQUE INDEX "grants_project_id_principal_id_key" ON "grants"("project_id", "principal_id");

-- CreateIndex
CREATE INDEX "apps_cluster_id_idx" ON "apps"("cluster_id");

-- CreateIndex
CREATE UNIQUE INDEX "apps_project_id_cluster_id_namespace_name_key" ON "apps"("project_id", "cluster_id", "namespace", "name");

-- CreateIndex
CREATE INDEX "revisions_state_idx" ON "revisions"("state");

-- CreateIndex
CREATE INDEX "audit_entries_at_id_idx" ON "audit_entries"("at", "id");

-- CreateIndex
CREATE INDEX "audit_entries_id_idx" ON "audit_entries"("id");

-- CreateIndex
CREATE INDEX "audit_entries_actor_id_at_idx" ON "audit_entries"("actor_id", "at");

-- CreateIndex
CREATE INDEX "audit_entries_project_id_at_idx" ON "audit_entries"("project_id", "at");

-- CreateIndex
CREATE INDEX "audit_entries_cluster_id_at_idx" ON "audit_entries"("cluster_id", "at");

-- CreateIndex
CREATE INDEX "security_changes_at_idx" ON "security_changes"("at");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_principal_id_fkey" FOREIGN KEY ("principal_id") REFERENCES "principals"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_principal_id_fkey" FOREIGN KEY ("principal_id") REFERENCES "principals"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project_namespaces" ADD CONSTRAINT "project_namespaces_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project_namespaces" ADD CONSTRAINT "project_namespaces_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_principal_id_fkey" FOREIGN KEY ("principal_id") REFERENCES "principals"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "apps" ADD CONSTRAINT "apps_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "apps" ADD CONSTRAINT "apps_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- From here on by hand: what Prisma's schema cannot say.

-- Names are DNS-1123 labels, and an app's number only grows.
ALTER TABLE "principals" ADD CONSTRAINT "principals_name_check" CHECK ("name" ~ '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$');
ALTER TABLE "clusters" ADD CONSTRAINT "clusters_name_check" CHECK ("name" ~ '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$');
ALTER TABLE "projects" ADD CONSTRAINT "projects_name_check" CHECK ("name" ~ '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$');
ALTER TABLE "project_namespaces" ADD CONSTRAINT "project_namespaces_not_system"
  CHECK ("namespace" <> 'default' AND "namespace" NOT LIKE 'kube-%' AND "namespace" NOT LIKE 'fairlead-%');

-- The audit log only grows, whoever asks.
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_entries is append only' USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON "audit_entries" FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

-- The application may not create tables; this makes one partition and nothing else, as the owner.
CREATE FUNCTION audit_ensure_partition(wanted date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  part text := 'audit_entries_' || to_char(wanted, 'YYYYMMDD');
BEGIN
  IF to_regclass('public.' || part) IS NOT NULL THEN RETURN; END IF;
  IF wanted < current_date - 2 OR wanted > current_date + 7 THEN
    RAISE EXCEPTION 'no partition for a day so far away: %', wanted;
  END IF;
  PERFORM pg_advisory_xact_lock(7061756469);
  IF to_regclass('public.' || part) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_entries FOR VALUES FROM (%L) TO (%L)', part, wanted, wanted + 1);
END;
$$;
REVOKE ALL ON FUNCTION audit_ensure_partition(date) FROM PUBLIC;

-- Every change of a fact that rights rest on is told in the transaction that makes it.
CREATE FUNCTION tell_security_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  r record := COALESCE(NEW, OLD);
  principal uuid;
BEGIN
  IF TG_ARGV[0] = 'principal' THEN principal := r.id;
  ELSIF TG_ARGV[0] IN ('grant', 'token', 'session') THEN principal := r.principal_id;
  END IF;
  INSERT INTO security_changes (kind, principal_id, subject_id) VALUES (TG_ARGV[0], principal, r.id);
  -- Readers look back seconds, not hours.
  DELETE FROM security_changes WHERE at < clock_timestamp() - interval '1 hour';
  PERFORM pg_notify('security', json_build_object('kind', TG_ARGV[0], 'principalId', principal, 'subjectId', r.id)::text);
  RETURN NULL;
END;
$$;
REVOKE ALL ON FUNCTION tell_security_change() FROM PUBLIC;
CREATE TRIGGER tell_grant AFTER INSERT OR UPDATE OR DELETE ON "grants" FOR EACH ROW EXECUTE FUNCTION tell_security_change('grant');
CREATE TRIGGER tell_token AFTER UPDATE OF "revoked_at", "expires_at" ON "tokens" FOR EACH ROW
  WHEN (OLD."revoked_at" IS DISTINCT FROM NEW."revoked_at" OR OLD."expires_at" IS DISTINCT FROM NEW."expires_at") EXECUTE FUNCTION tell_security_change('token');
CREATE TRIGGER tell_token_gone AFTER DELETE ON "tokens" FOR EACH ROW EXECUTE FUNCTION tell_security_change('token');
CREATE TRIGGER tell_session AFTER UPDATE OF "revoked_at" ON "sessions" FOR EACH ROW
  WHEN (OLD."revoked_at" IS DISTINCT FROM NEW."revoked_at") EXECUTE FUNCTION tell_security_change('session');
CREATE TRIGGER tell_session_gone AFTER DELETE ON "sessions" FOR EACH ROW EXECUTE FUNCTION tell_security_change('session');
CREATE TRIGGER tell_principal AFTER UPDATE OF "disabled_at", "platform_roles", "must_change_password" ON "principals" FOR EACH ROW EXECUTE FUNCTION tell_security_change('principal');
CREATE TRIGGER tell_namespace AFTER INSERT OR UPDATE OR DELETE ON "project_namespaces" FOR EACH ROW EXECUTE FUNCTION tell_security_change('namespace');
CREATE TRIGGER tell_cluster AFTER INSERT OR DELETE ON "clusters" FOR EACH ROW EXECUTE FUNCTION tell_security_change('cluster');
