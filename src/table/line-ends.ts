/**
 * A function that rewrites a text piece by piece with LF line ends: CRLF and CR become LF, also where a piece ends
 * between the two. The last call is with `isLast`.
 */
export function lineAligned(): (text: string, isLast: boolean) => string {
  let held = '';
  return (text, isLast) => {
    let all = held + text;
    held = '';
    if (!isLast && all.endsWith('\r')) {
      held = '\r';
      all = all.slice(0, -1);
    }
    return all.includes('\r') ? all.replace(/\r\n?/g, '\n') : all;
  };
}
