'use client';
import { Checkbox } from '@/components/field';
import type { AddressChoice } from './use-address';

/** One click for an address: a host that is free and leads to the cluster. Another one can always be typed below. */
export function PublicAddress({ choice }: { choice: AddressChoice }) {
  return (
    <Checkbox
      label={
        choice.offered ? (
          <>
            Public address: <span className="break-all font-mono text-xs">{choice.offered}</span>
          </>
        ) : (
          'Public address'
        )
      }
      hint={choice.why}
      checked={choice.chosen}
      onChange={choice.choose}
      disabled={choice.offered === null && !choice.chosen}
    />
  );
}
