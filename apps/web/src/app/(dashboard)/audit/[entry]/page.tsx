import { redirect } from 'next/navigation';
import { paths } from '@/lib/paths';

/** A link to one entry opens it beside its list. */
export default async function Page({ params }: { params: Promise<{ entry: string }> }) {
  redirect(paths.auditEntry((await params).entry));
}
