'use client';
import { useState } from 'react';
import { useAsk } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { useRested } from '../use-plan';
import type { Place } from './place';

export interface AddressChoice {
  /** The host to deploy with: the one that was typed, else the one that was offered and taken. */
  host: string;
  /** Taken, and not yet known. */
  waiting: boolean;
  /** The class to name beside the host, where the cluster has no default. */
  ingressClass: string | null;
  chosen: boolean;
  offered: string | null;
  why: string;
  choose: (wanted: boolean) => void;
  type: (host: string) => void;
}

const appName = /^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/;

/** A host for an app of this name, asked for once the name rests: it follows the name until somebody types another. */
export function useAddress(project: string, name: string, place: Place | undefined, port: number | null): AddressChoice {
  const [wanted, setWanted] = useState(false);
  const [typed, setTyped] = useState('');
  const rested = useRested(appName.test(name) && port !== null ? name : null, 300);
  const query = rested && place ? { cluster: place.cluster, namespace: place.namespace, name: rested } : null;
  const answer = useAsk(routes.proposeAddress, query && { params: { project }, query });
  const current = rested === name ? answer.data : undefined;
  const offered = port === null ? null : (current?.host ?? null);
  const refused = answer.error ? `No name could be looked for: ${answer.error.message}` : 'Looking for a free name…';
  const nothingYet = name === '' ? 'Proposed as soon as there is an image.' : 'Needs a port.';
  return {
    host: typed !== '' ? typed : wanted ? (offered ?? '') : '',
    waiting: wanted && typed === '' && offered === null,
    ingressClass: current?.ingressClass ?? null,
    chosen: wanted || typed !== '',
    offered,
    why: port === null || name === '' ? nothingYet : (current?.why ?? refused),
    choose: (next) => {
      setWanted(next);
      setTyped('');
    },
    type: (host) => {
      setWanted(false);
      setTyped(host);
    },
  };
}
