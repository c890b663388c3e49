'use client';
import type { Me } from '@fairlead/shared';
import { useQueryClient } from '@tanstack/react-query';
import { BookOpen, ChevronDown, KeyRound, LogOut, UserRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Menu } from '@/components/menu';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { useLiveClient } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';
import { currentTheme, setTheme, type Theme, themes } from '@/lib/theme';
import { setZone, useZone } from '@/lib/time';

const themeWords: Record<Theme, string> = { system: 'Colours of the system', light: 'Light', dark: 'Dark' };

export function AccountMenu({ me }: { me: Me }) {
  const [theme, setShown] = useState<Theme | null>(null);
  const zone = useZone();
  const router = useRouter();
  const client = useQueryClient();
  const live = useLiveClient();
  const { show } = useToast();
  const signOut = useAct(routes.signOut);
  const leave = () =>
    signOut.mutate(
      {},
      {
        onSuccess: () => {
          live.close();
          client.clear();
          // A full load: nothing of this person stays in memory.
          window.location.assign('/sign-in');
        },
        onError: (error) => show({ title: 'Not signed out', description: error.message }),
      },
    );
  const chosen = theme ?? (typeof document === 'undefined' ? 'system' : currentTheme());
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="flex h-8 items-center gap-1 rounded-control px-2 text-sm hover:bg-hover pointer-coarse:h-11"
          aria-label={`Account of ${me.displayName}`}
        >
          <UserRound size={16} strokeWidth={1.75} aria-hidden className="sm:hidden" />
          <span className="max-w-40 truncate max-sm:sr-only">{me.displayName}</span>
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
        </button>
      }
      entries={[
        { label: 'Account', icon: <UserRound size={14} strokeWidth={1.75} />, onSelect: () => router.push(paths.account) },
        { label: 'Tokens and kubeconfig', icon: <KeyRound size={14} strokeWidth={1.75} />, onSelect: () => router.push(paths.tokens) },
        null,
        ...themes.map((one) => ({
          label: themeWords[one],
          checked: chosen === one,
          onSelect: () => {
            setTheme(one);
            setShown(one);
          },
        })),
        null,
        { label: 'Local time', checked: zone === 'local', onSelect: () => setZone('local') },
        { label: 'UTC', checked: zone === 'utc', onSelect: () => setZone('utc') },
        null,
        { label: 'REST API', icon: <BookOpen size={14} strokeWidth={1.75} />, onSelect: () => window.location.assign('/api/docs') },
        { label: 'Sign out', icon: <LogOut size={14} strokeWidth={1.75} />, onSelect: leave },
      ]}
    />
  );
}
