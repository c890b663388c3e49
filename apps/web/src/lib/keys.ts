'use client';
import { useEffect } from 'react';

/** Single letters sleep where text is typed, in dialogs and menus, and where they were turned off. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]')) return true;
  return target.closest('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"], [data-owns-keys]') !== null;
}

const lettersKey = 'fairlead-letters';
export const lettersOn = (): boolean => window.localStorage.getItem(lettersKey) !== 'off';
export const setLetters = (on: boolean): void => window.localStorage.setItem(lettersKey, on ? 'on' : 'off');

/** Calls `act` when one plain key is pressed outside of text. Null: the key means nothing now. */
export function useKey(key: string, act: ((event: KeyboardEvent) => void) | null): void {
  useEffect(() => {
    if (!act) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || !lettersOn()) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [key, act]);
}
