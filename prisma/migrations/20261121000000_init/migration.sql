-- CreateTable
CREATE TABLE "events" (
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "dimension_id" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3),
    "id" UUID NOT NULL,
    "client_event_id" UUID NOT NULL,
    "seq" INTEGER,
    "user_hash" BYTEA,
    "session_hash" BYTEA,
    "entity_id" TEXT,
    "properties" JSON,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_dimensions" (
    "id" BIGINT NOT NULL,
    "last_used" DATE NOT NULL,
    "event_version" INTEGER NOT NULL,
    "app_name" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "app_version" TEXT,
    "source" TEXT,
    "route" TEXT,
    "entity_type" TEXT,
    "device_type" TEXT,
    "browser_family" TEXT,
    "os_family" TEXT,

    CONSTRAINT "event_dimensions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "events_created_at_idx" ON "events"("created_at");

-- CreateIndex
CREATE INDEX "events_dimension_id_idx" ON "events"("dimension_id");

-- CreateIndex
CREATE INDEX "events_user_hash_idx" ON "events"("user_hash") WHERE ("user_hash" IS NOT NULL);

-- CreateIndex
CREATE INDEX "events_session_hash_idx" ON "events"("session_hash") WHERE ("session_hash" IS NOT NULL);

-- CreateIndex
CREATE INDEX "events_entity_id_idx" ON "events"("entity_id") WHERE ("entity_id" IS NOT NULL);
