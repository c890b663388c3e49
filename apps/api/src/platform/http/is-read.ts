/** Methods that only read and carry no body, for whoever passes a request on. */
export const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';
