import { LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <div>
        <h1 className="sr-only">No such page</h1>
        <Empty kind="no-match" title="There is no such page" action={<LinkButton href="/">Overview</LinkButton>}>
          The address may be mistyped, or what it named was deleted.
        </Empty>
      </div>
    </main>
  );
}
