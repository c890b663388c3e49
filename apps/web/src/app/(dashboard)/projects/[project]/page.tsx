import { redirect } from 'next/navigation';
import { paths } from '@/lib/paths';

/** A project opens on its apps. */
export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  redirect(paths.apps(decodeURIComponent((await params).project)));
}
