import { type SubmitEvent, useId, useState } from 'react';
import type { Command } from '../../core/run/commands.ts';
import { type AttachTo, dropsAttach } from '../attachments/attach.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { SentenceField } from '../controls/SentenceField.tsx';
import type { Reason } from './reasons.ts';

interface Props extends Reason {
  /** Files dropped on the dialog are attached there. */
  attachTo?: AttachTo;
  onClose: () => void;
  onGive: (command: Command) => void;
}

/** Asks for one sentence. Enter sends it, Shift and Enter make a new line. */
export function ReasonDialog(props: Props) {
  const form = useId();
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const give = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() === '' && props.optional !== true) setMissing(true);
    else props.onGive(props.command(text.trim()));
  };
  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      foot={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" form={form} look="primary" keys="Enter">
            {props.submit}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={give} {...(props.attachTo ? dropsAttach(props.attachTo) : {})}>
        <SentenceField
          label={props.label}
          help={props.help}
          problem={
            missing && text.trim() === ''
              ? 'A few words are needed; they go into the record.'
              : null
          }
          value={text}
          first
          onChange={setText}
        />
      </form>
    </Dialog>
  );
}
