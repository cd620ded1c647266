/** The address as a browser will read it, or null when it is not one for a browser. */
export function webAddress(url: string): string | null {
  try {
    const parsed = new URL(url);
    const isWeb = parsed.protocol === 'https:' || parsed.protocol === 'http:';
    // A name and password in front of the host are there to deceive, or should not be shown.
    return isWeb && parsed.username === '' && parsed.password === '' ? parsed.href : null;
  } catch {
    return null;
  }
}
