/** Told the id of every app that was made, changed, judged or removed, in the transaction that does it. */
export const appsChannel = 'apps';
