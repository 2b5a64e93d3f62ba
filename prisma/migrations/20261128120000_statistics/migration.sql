-- What statistics are answered from. None of these tables holds a hash, and all but `stat_set` and `stat_change` outlive
-- the raw rows. A day here is a day of the daily salt; what it is in time, the application knows.

-- One row for each commit and day on which it stored events: written by the statement that stores them, deleted by the
-- transaction that has counted them. Nobody updates a row, so that no writer ever waits for another.
CREATE TABLE "stat_change" (
    "day" DATE NOT NULL
);
-- It is short and its rows live for seconds: it has no index, and what is deleted is soon free again.
ALTER TABLE "stat_change" SET (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

-- The zone of the days. While there is no row, nothing has been counted and every question is answered from raw rows.
CREATE TABLE "stat_zone" (
    "one" BOOLEAN NOT NULL DEFAULT true CHECK ("one"),
    "zone" TEXT NOT NULL,

    CONSTRAINT "stat_zone_pkey" PRIMARY KEY ("one")
);

-- One row at the most: nothing of a day before this one is stored any more, because the purge has closed it.
CREATE TABLE "kept_from" (
    "one" BOOLEAN NOT NULL DEFAULT true CHECK ("one"),
    "day" DATE NOT NULL,

    CONSTRAINT "kept_from_pkey" PRIMARY KEY ("one")
);

-- The days that have been counted.
CREATE TABLE "stat_state" (
    "day" DATE NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL,
    "sealed" BOOLEAN NOT NULL DEFAULT false,
    "overflow" SMALLINT[] NOT NULL DEFAULT '{}',
    "folded" SMALLINT[] NOT NULL DEFAULT '{}',
    "folded_hours" SMALLINT[] NOT NULL DEFAULT '{}',

    CONSTRAINT "stat_state_pkey" PRIMARY KEY ("day")
);

CREATE TABLE "stat_day" (
    "day" DATE NOT NULL,
    "kind" SMALLINT NOT NULL,
    "folded" BOOLEAN NOT NULL DEFAULT false,
    "visitors" INTEGER NOT NULL,
    "events" BIGINT NOT NULL,
    "sessions" INTEGER NOT NULL,
    "app" TEXT,
    "type" TEXT,
    "word" TEXT
);
CREATE INDEX "stat_day_kind_day_app_type_idx" ON "stat_day" ("kind", "day", "app", "type");

CREATE TABLE "stat_hour" (
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "day" DATE NOT NULL,
    "kind" SMALLINT NOT NULL,
    "folded" BOOLEAN NOT NULL DEFAULT false,
    "events" BIGINT NOT NULL,
    "app" TEXT,
    "type" TEXT
);
CREATE INDEX "stat_hour_kind_day_idx" ON "stat_hour" ("kind", "day");

CREATE TABLE "stat_property" (
    "day" DATE NOT NULL,
    "app" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "sum" NUMERIC NOT NULL,
    "min" DOUBLE PRECISION NOT NULL,
    "max" DOUBLE PRECISION NOT NULL,
    "buckets" SMALLINT[] NOT NULL,
    "counts" BIGINT[] NOT NULL,

    CONSTRAINT "stat_property_pkey" PRIMARY KEY ("type", "name", "day", "app")
);
CREATE INDEX "stat_property_day_idx" ON "stat_property" ("day");

CREATE TABLE "stat_set" (
    "day" DATE NOT NULL,
    "kind" SMALLINT NOT NULL,
    "chunk" INTEGER NOT NULL,
    "events" BIGINT NOT NULL,
    "app" TEXT NOT NULL,
    "word" TEXT,
    "visitors" BIT VARYING NOT NULL
);
CREATE INDEX "stat_set_kind_day_idx" ON "stat_set" ("kind", "day");

CREATE TABLE "entity_day" (
    "entity_type" TEXT NOT NULL,
    "entity_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "visitors" INTEGER NOT NULL,
    "events" BIGINT NOT NULL,
    "sessions" INTEGER NOT NULL,

    CONSTRAINT "entity_day_pkey" PRIMARY KEY ("entity_id", "entity_type", "day")
);
CREATE INDEX "entity_day_day_idx" ON "entity_day" ("day");
