import { useRef } from 'react';
import { Button } from '../controls/Button.tsx';
import { type AttachTo, attach } from './attach.ts';

/** For those who neither drop nor paste: the system's file dialog. */
export function AttachButton({ to, look }: { to: AttachTo; look: 'plain' | 'quiet' }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look={look} onClick={() => input.current?.click()}>
        Attach a file…
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file may be chosen again.
          event.target.value = '';
          void attach(to, files);
        }}
      />
    </>
  );
}
