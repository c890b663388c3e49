-- CreateTable
CREATE TABLE "port_openings" (
    "id" UUID NOT NULL,
    "label" VARCHAR(40) NOT NULL,
    "project_id" UUID NOT NULL,
    "app_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "namespace" VARCHAR(63) NOT NULL,
    "target_kind" VARCHAR(10) NOT NULL,
    "target_name" VARCHAR(253) NOT NULL,
    "port" INTEGER NOT NULL,
    "principal_id" UUID NOT NULL,
    "credential_kind" VARCHAR(10) NOT NULL,
    "credential_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "link_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3),
    "secret_hash" BYTEA,
    "ended_at" TIMESTAMPTZ(3),
    "end_cause" VARCHAR(200),
    "bytes_in" BIGINT NOT NULL DEFAULT 0,
    "bytes_out" BIGINT NOT NULL DEFAULT 0,
    "audit" JSONB NOT NULL,

    CONSTRAINT "port_openings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "port_openings_label_key" ON "port_openings"("label");

-- CreateIndex
CREATE INDEX "port_openings_principal_id_ended_at_idx" ON "port_openings"("principal_id", "ended_at");

-- CreateIndex
CREATE INDEX "port_openings_ended_at_expires_at_idx" ON "port_openings"("ended_at", "expires_at");
