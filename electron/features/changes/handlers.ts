import type { changes } from '../../../shared/contract/changes.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { AppError } from '../../../shared/rpc/errors.ts'

function absent(): never {
  throw new AppError('unsupported', 'This connection is read-only.')
}

export function changesHandlers(): Handlers<typeof changes> {
  return { list: absent, records: absent, conflicts: absent, undo: absent, settle: absent, forget: absent, setLimit: absent }
}
