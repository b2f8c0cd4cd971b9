import { z } from 'zod'
import { jobSchema } from './jobs.ts'
import { mapStageSchema } from './maps.ts'

/** What the core tells every window without being asked. */
export const appEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: jobSchema }),
  /** A map has a new picture, or came to another stage. */
  z.object({ type: z.literal('map'), mapId: z.string(), version: z.number(), stage: mapStageSchema }),
  /** The store on disk was changed by another process; what is shown is older. */
  z.object({ type: z.literal('store-changed'), connectionId: z.string() }),
  /** Answers of these queries or namespaces are out of date, for instance because another window changed something. */
  z.object({ type: z.literal('invalidate'), names: z.array(z.string()) }),
  /** The shell asks to go somewhere: a menu item, a file dropped on the window, a second start. */
  z.object({ type: z.literal('navigate'), to: z.string() }),
  /** The shell asks for a command of the window by its id, as the command palette would run it: a menu item. */
  z.object({ type: z.literal('command'), id: z.string() }),
  z.object({
    type: z.literal('notice'),
    severity: z.enum(['info', 'warning', 'error']),
    message: z.string(),
    remedy: z.string().nullable(),
  }),
])
export type AppEvent = z.infer<typeof appEventSchema>
