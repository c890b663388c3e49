-- AlterTable
ALTER TABLE "revisions" ADD COLUMN     "delete_data" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "deleted_apps" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "namespace" VARCHAR(63) NOT NULL,
    "name" VARCHAR(63) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_by_id" UUID,
    "deleted_by_name" VARCHAR(63) NOT NULL,
    "deleted_data" BOOLEAN NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "sweep_at" TIMESTAMPTZ(3) NOT NULL,
    "rows" JSONB NOT NULL,

    CONSTRAINT "deleted_apps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "deleted_apps_project_id_idx" ON "deleted_apps"("project_id");

-- CreateIndex
CREATE INDEX "deleted_apps_sweep_at_idx" ON "deleted_apps"("sweep_at");

-- AddForeignKey
ALTER TABLE "deleted_apps" ADD CONSTRAINT "deleted_apps_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deleted_apps" ADD CONSTRAINT "deleted_apps_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE ON UPDATE CASCADE;
