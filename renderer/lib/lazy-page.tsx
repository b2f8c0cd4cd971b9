import { lazy, Suspense, type FunctionComponent, type JSX } from 'react'
import { SkeletonLines } from '../ui/skeleton.tsx'

const pages: (() => Promise<unknown>)[] = []

/** A page whose code is fetched when it is first shown, so that the first records need not wait for it. */
export function lazyPage<Props>(load: () => Promise<(props: Props) => JSX.Element>): FunctionComponent<Props> {
  pages.push(load)
  const Page = lazy(async () => {
    const Loaded = await load()
    return { default: ({ props }: { props: Props }) => Loaded(props) }
  })
  return function LazyPage(props: Props) {
    return (
      <Suspense fallback={<SkeletonLines count={6} className="p-4" />}>
        <Page props={props} />
      </Suspense>
    )
  }
}

/** Fetches the code of all pages ahead, so that they show at once later. A page that could not be had says so when it is shown. */
export async function fetchPages(): Promise<void> {
  await Promise.allSettled(pages.map((load) => load()))
}
