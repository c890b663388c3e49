type Listener = () => void;

/** Raised when the API says that the session is over; the shell then asks to sign in again over the page. */
export const sessionEnded = (() => {
  const listeners = new Set<Listener>();
  return {
    raise: () => {
      for (const listener of listeners) listener();
    },
    subscribe: (listener: Listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
})();
