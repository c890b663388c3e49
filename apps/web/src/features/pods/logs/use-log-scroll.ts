'use client';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

export const rowPx = 20;
const nearPx = 4;

/**
 * Follows the end until the person leaves it: by scrolling up, Page Up, Home or selecting. Then no pixel moves, whatever is added below or let
 * go above. The end, by key, scroll or button, follows again.
 */
export function useLogScroll(box: RefObject<HTMLDivElement | null>) {
  const [following, setFollowing] = useState(true);
  const [view, setView] = useState({ top: 0, height: 0, width: 0 });
  const last = useRef(0);
  const follow = useRef(true);

  const set = useCallback((on: boolean) => {
    follow.current = on;
    setFollowing(on);
  }, []);

  const read = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const { scrollTop, clientHeight, clientWidth } = element;
    setView((old) =>
      old.top === scrollTop && old.height === clientHeight && old.width === clientWidth
        ? old
        : { top: scrollTop, height: clientHeight, width: clientWidth },
    );
  }, [box]);

  const onScroll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - nearPx;
    if (atEnd) {
      if (!follow.current) set(true);
    } else if (element.scrollTop < last.current - 1 && follow.current) set(false);
    last.current = element.scrollTop;
    read();
  }, [box, read, set]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (follow.current) element.scrollTop = element.scrollHeight;
      last.current = element.scrollTop;
      read();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, read]);

  /** After rows changed: stays at the end, or exactly where it was. */
  const settle = useCallback(
    (goneRows: number) => {
      const element = box.current;
      if (!element) return;
      if (follow.current) element.scrollTop = element.scrollHeight;
      else if (goneRows > 0) element.scrollTop = Math.max(0, element.scrollTop - goneRows * rowPx);
      last.current = element.scrollTop;
      read();
    },
    [box, read],
  );

  const toEnd = useCallback(() => {
    set(true);
    settle(0);
  }, [set, settle]);

  const toRow = useCallback(
    (row: number) => {
      const element = box.current;
      if (!element) return;
      set(false);
      element.scrollTop = Math.max(0, row * rowPx - element.clientHeight / 3);
      last.current = element.scrollTop;
      read();
    },
    [box, read, set],
  );

  return { following, view, onScroll, settle, toEnd, toRow, pause: useCallback(() => set(false), [set]) };
}
