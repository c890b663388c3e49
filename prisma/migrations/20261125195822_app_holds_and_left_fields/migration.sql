-- AlterTable
ALTER TABLE "apps" ADD COLUMN     "hold" JSONB;

-- AlterTable
ALTER TABLE "revisions" ADD COLUMN     "left_fields" JSONB;
