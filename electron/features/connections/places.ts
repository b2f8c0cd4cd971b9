import { createHmac, randomBytes } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Place } from '../../../shared/contract/connections.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { recogniseDirectory } from '../../store/directory/recognise.ts'

export const maxChildren = 2000
const maxHandles = 100_000
const recognisedAtOnce = 16

export interface PlaceFile {
  readonly handle: string
  readonly name: string
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
}

export interface Listing {
  readonly place: Place
  readonly parent: Place | null
  readonly children: Place[]
  /** What is not shown and why, as sentences; null where everything is. */
  readonly note: string | null
}

function isWithin(root: string, candidate: string): boolean {
  const relative = path.relative(root, candidate)
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
}

function byNameHiddenLast(a: string, b: string): number {
  return Number(a.startsWith('.')) - Number(b.startsWith('.')) || a.localeCompare(b, undefined, { numeric: true, sensitivity: 'base' })
}

async function realOrNull(candidate: string): Promise<string | null> {
  return realpath(candidate).catch(() => null)
}

/** `Promise.all` of `map`, a few at a time. */
async function mapSome<Item, Result>(items: readonly Item[], map: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += recognisedAtOnce) {
    results.push(...(await Promise.all(items.slice(at, at + recognisedAtOnce).map(map))))
  }
  return results
}

/**
 * The folders the directory picker may show: everything inside a few roots, after symbolic links are resolved.
 * The renderer knows folders by handles that mean nothing elsewhere and are worthless after a restart, so it can
 * never name a path of its own.
 */
export class Places {
  readonly #key = randomBytes(32)
  readonly #roots = new Set<string>()
  readonly #paths = new Map<string, string>()

  /** Allows a folder and all inside it. One that does not exist is left out. */
  async allow(directory: string): Promise<void> {
    const real = await realOrNull(directory)
    if (real !== null) this.#roots.add(real)
  }

  /** The roots, in the order in which they were allowed. */
  async roots(): Promise<Place[]> {
    return Promise.all([...this.#roots].map((root) => this.#placeOf(root)))
  }

  /**
   * Folders inside a place, by name, hidden ones last, at most {@link maxChildren}.
   * @throws AppError 'stale' for a handle of an earlier start, 'forbidden' outside the roots, 'not-found' where it is gone.
   */
  async browse(handle: string): Promise<Listing> {
    const directory = await this.pathOf(handle)
    const { folders, unfollowed } = await this.#foldersIn(directory)
    const shown = folders.slice(0, maxChildren)
    const notes = [
      ...(folders.length > shown.length
        ? [`Only the first ${maxChildren.toLocaleString('en')} of ${folders.length.toLocaleString('en')} folders are shown.`]
        : []),
      ...(unfollowed > 0
        ? [
            `${unfollowed} ${unfollowed === 1 ? 'link that leads' : 'links that lead'} elsewhere ${unfollowed === 1 ? 'is' : 'are'} not shown.`,
          ]
        : []),
    ]
    const above = path.dirname(directory)
    return {
      place: await this.#placeOf(directory),
      parent: above !== directory && this.#isAllowed(above) ? await this.#placeOf(above) : null,
      children: await mapSome(shown, (name) => this.#placeOf(path.join(directory, name))),
      note: notes.length > 0 ? notes.join(' ') : null,
    }
  }

  /**
   * Files of a place whose names have one of these endings, newest first, at most {@link maxChildren}. What cannot be looked at is
   * left out. Errors as in {@link browse}.
   */
  async files(handle: string, endings: readonly string[]): Promise<PlaceFile[]> {
    const directory = await this.pathOf(handle)
    const names = (await this.#entriesOf(directory))
      .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && endings.includes(path.extname(entry.name).toLowerCase()))
      .map((entry) => path.join(directory, entry.name))
    const files = await mapSome(names.slice(0, maxChildren), async (file) => {
      const found = await stat(file).catch(() => null)
      if (!found?.isFile()) return null
      return { handle: this.#handleOf(file), name: path.basename(file), bytes: found.size, modifiedAt: found.mtimeMs }
    })
    return files.filter((file) => file !== null).toSorted((a, b) => b.modifiedAt - a.modifiedAt)
  }

  /** The real path a handle stands for, checked again at this moment. Errors as in {@link browse}. */
  async pathOf(handle: string): Promise<string> {
    const known = this.#paths.get(handle)
    if (known === undefined)
      throw new AppError('stale', 'This folder is no longer known to the app.', 'Choose it again from the list of places.')
    const real = await realOrNull(known)
    if (real === null)
      throw new AppError('not-found', `The folder ${known} does not exist any more, or may not be read.`, 'Choose another folder.')
    if (!this.#isAllowed(real)) {
      throw new AppError(
        'forbidden',
        `The folder ${known} leads outside the places that may be opened.`,
        'Start Mnemoscope with this folder to open it.',
      )
    }
    return real
  }

  #isAllowed(real: string): boolean {
    return [...this.#roots].some((root) => isWithin(root, real))
  }

  async #foldersIn(directory: string): Promise<{ folders: string[]; unfollowed: number }> {
    const entries = await this.#entriesOf(directory)
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    const links = await mapSome(
      entries.filter((entry) => entry.isSymbolicLink()),
      async ({ name }) => {
        const real = await realOrNull(path.join(directory, name))
        if (real === null) return null
        const isFolder = await stat(real).then(
          (found) => found.isDirectory(),
          () => false,
        )
        return isFolder ? { name, allowed: this.#isAllowed(real) } : null
      },
    )
    const followed = links.flatMap((link) => (link?.allowed ? [link.name] : []))
    return { folders: [...folders, ...followed].sort(byNameHiddenLast), unfollowed: links.filter((link) => link && !link.allowed).length }
  }

  async #entriesOf(directory: string): Promise<Dirent[]> {
    return readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
      throw new AppError('forbidden', `The folder ${directory} cannot be read.`, 'Check its permissions, or choose another folder.', {
        cause,
      })
    })
  }

  #handleOf(file: string): string {
    const handle = createHmac('sha256', this.#key).update(file).digest('base64url')
    this.#paths.delete(handle)
    this.#paths.set(handle, file)
    const oldest = this.#paths.keys().next()
    if (this.#paths.size > maxHandles && !oldest.done) this.#paths.delete(oldest.value)
    return handle
  }

  async #placeOf(directory: string): Promise<Place> {
    const handle = this.#handleOf(directory)
    return { handle, name: path.basename(directory) || directory, path: directory, kind: await recogniseDirectory(directory) }
  }
}
