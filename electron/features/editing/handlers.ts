import type { editing } from '../../../shared/contract/editing.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { AppError } from '../../../shared/rpc/errors.ts'

function absent(): never {
  throw new AppError('unsupported', 'This connection is read-only.')
}

export function editingHandlers(): Handlers<typeof editing> {
  return { status: absent, outlook: absent, start: absent, stop: absent, lock: absent }
}
