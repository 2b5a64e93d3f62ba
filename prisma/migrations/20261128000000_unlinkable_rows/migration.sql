-- An opted-out visitor's row keeps no id of the client's.
ALTER TABLE "events" ALTER COLUMN "client_event_id" DROP NOT NULL;

-- Until this version the first 48 bits of an id were those of the client's id: a clock. Now they repeat the last 48,
-- which are of the HMAC. This index holds the rows that still have the old form, by the part that both forms share,
-- so that an event which was sent before the upgrade and again after it is recognised, and so that the job
-- `rewrite-rows` finds what it has to do. It is empty when the job is done.
CREATE INDEX "events_old_form_idx" ON "events" (substring(uuid_send("id") from 7))
  WHERE substring(uuid_send("id") for 6) <> substring(uuid_send("id") from 11);
