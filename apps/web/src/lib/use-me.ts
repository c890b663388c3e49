'use client';
import type { Me } from '@fairlead/shared';
import { useAsk } from './ask';
import { routes } from './routes';

/** Who is signed in; undefined until the first answer. Inside the dashboard's layout it is always there. */
export function useMe(): Me | undefined {
  return useAsk(routes.getMe, {}).data;
}
