import * as z from 'zod';
import { limits } from '../contract/index.js';
import { closed, nameSchema, proseSchema, rootSchema } from './property-schema.js';

const ownerSchema = proseSchema.max(100).meta({ description: 'The team that answers for it.' });

/** A hundred years: a number that is longer is a mistake. */
const maxKeepTotalsDays = 36_500;

/** One app that sends events. */
export const appSchema = closed({ description: proseSchema, owner: ownerSchema }).meta({ id: 'app' });

/** One kind of thing that events are about: its ids are UUIDs, or match a pattern. */
export const entityTypeSchema = closed({
  description: proseSchema,
  format: z.literal('uuid').optional(),
  pattern: z.string().max(512).optional().meta({ description: 'A regular expression between ^ and $.' }),
  maxLength: z.int().min(1).max(limits.maxEntityIdLength).optional(),
  examples: z.array(z.string()).optional(),
  keepTotalsDays: z.int().min(1).max(maxKeepTotalsDays).optional().meta({
    description:
      'Days for which the daily totals of each such thing are kept, counted from their day. Left out: as long as its events.',
  }),
}).meta({ id: 'entityType' });

/** One kind of event: who may send it, what it may carry, and what becomes of it. */
export const eventTypeSchema = closed({
  description: proseSchema,
  owner: ownerSchema,
  apps: z.array(nameSchema).min(1).meta({ description: 'Apps that may send it.' }),
  version: z.int().min(1).max(9_999).default(1),
  deprecated: closed({ reason: proseSchema, replacement: nameSchema.optional() })
    .optional()
    .meta({ description: 'Still accepted, but should no longer be sent.' }),
  enabled: z.boolean().default(true).meta({ description: 'false: events are dropped as DISABLED.' }),
  optIn: z.boolean().default(false).meta({ description: 'true: clients ask the user before they send it.' }),
  gpc: z
    .enum(['anonymise', 'drop'])
    .default('anonymise')
    .meta({ description: 'What becomes of an event from a browser that said Sec-GPC or DNT.' }),
  maxBytes: z
    .int()
    .min(2)
    .max(limits.maxPropertiesBytes)
    .default(limits.defaultPropertiesBytes)
    .meta({ description: 'Most bytes of serialised properties.' }),
  unknownProperties: z.enum(['cut', 'reject']).default('cut').meta({
    description: 'What becomes of properties that are not declared: cut off, or the event refused.',
  }),
  entity: closed({
    types: z.array(nameSchema).optional(),
    required: z.boolean().default(false),
  })
    .optional()
    .meta({
      description: 'Entity types that it may carry. Left out: any of this file. An empty list: none.',
    }),
  properties: rootSchema.optional(),
  previousVersions: z
    .record(z.string().regex(/^[1-9]\d{0,3}$/), closed({ properties: rootSchema.optional() }))
    .optional()
    .meta({ description: 'Older versions that are still accepted, by their number.' }),
}).meta({ id: 'eventType' });

/** The file: `apps`, `entityTypes`, `eventTypes`, each by name. */
export const fileSchema = closed({
  $schema: z.string().optional(),
  apps: z.record(nameSchema, appSchema),
  entityTypes: z.record(nameSchema, entityTypeSchema).default({}),
  eventTypes: z.record(nameSchema, eventTypeSchema),
});

export type EntityTypeEntry = z.output<typeof entityTypeSchema>;
export type EventTypeEntry = z.output<typeof eventTypeSchema>;
export type AppEntry = z.output<typeof appSchema>;
export type RootSchema = z.output<typeof rootSchema>;
