-- CreateTable
CREATE TABLE "app_runs" (
    "id" UUID NOT NULL,
    "app_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "image" TEXT NOT NULL,
    "command" JSONB,
    "args" JSONB,
    "notes" TEXT[],
    "job" VARCHAR(63) NOT NULL,
    "pod" VARCHAR(253),
    "container" VARCHAR(63) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "exit_code" INTEGER,
    "reason" TEXT,
    "started_by_id" UUID NOT NULL,
    "started_by_name" VARCHAR(63) NOT NULL,
    "audit_id" UUID NOT NULL,
    "attached_at" TIMESTAMPTZ(3),
    "heard_at" TIMESTAMPTZ(3),
    "lease_owner" UUID,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "app_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_run_logs" (
    "run_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "truncated" BOOLEAN NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "app_run_logs_pkey" PRIMARY KEY ("run_id")
);

-- CreateIndex
CREATE INDEX "app_runs_app_id_created_at_idx" ON "app_runs"("app_id", "created_at");

-- CreateIndex
CREATE INDEX "app_runs_state_idx" ON "app_runs"("state");

-- CreateIndex
CREATE INDEX "app_run_logs_kept_at_idx" ON "app_run_logs"("kept_at");

-- AddForeignKey
ALTER TABLE "app_runs" ADD CONSTRAINT "app_runs_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app_run_logs" ADD CONSTRAINT "app_run_logs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "app_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
