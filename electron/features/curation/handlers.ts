import type { curation } from '../../../shared/contract/curation.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { AppError } from '../../../shared/rpc/errors.ts'

function absent(): never {
  throw new AppError('unsupported', 'This connection is read-only.')
}

export function curationHandlers(): Handlers<typeof curation> {
  return {
    check: absent,
    edit: absent,
    add: absent,
    preview: absent,
    apply: absent,
    createCollection: absent,
    modifyCollection: absent,
    duplicateCollection: absent,
    mergeCollection: absent,
    deleteCollection: absent,
  }
}
