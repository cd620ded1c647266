import type { Socket } from 'node:net';

/** For tests: speaks as much SMTP as a client needs, and keeps what it was sent. */
export function mailServer(options: { password?: string } = {}): {
  serve(socket: Socket): void;
  mails: { from: string; to: string[]; data: string }[];
} {
  const mails: { from: string; to: string[]; data: string }[] = [];
  return {
    mails,
    serve(socket) {
      socket.on('error', () => undefined);
      socket.setEncoding('utf8');
      let buffer = '';
      let inData = false;
      let mail = { from: '', to: [] as string[], data: '' };
      const say = (line: string): void => void socket.write(`${line}\r\n`);
      const command = (line: string): void => {
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === 'EHLO') say('250-mail.test\r\n250 AUTH PLAIN');
        else if (verb === 'AUTH') {
          const [, , given] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
            .toString()
            .split('\0');
          say(given === options.password ? '235 ok' : '535 5.7.8 wrong password');
        } else if (verb === 'MAIL') {
          mail = { from: line, to: [], data: '' };
          say('250 ok');
        } else if (verb === 'RCPT') {
          mail.to.push(/<(.*)>/.exec(line)?.[1] ?? '');
          say('250 ok');
        } else if (verb === 'DATA') {
          inData = true;
          say('354 go on');
        } else if (verb === 'QUIT') {
          say('221 bye');
          socket.end();
        } else say(verb === 'STAR' ? '502 no' : '250 ok');
      };
      socket.on('data', (chunk: string) => {
        buffer += chunk;
        for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
          const line = buffer.slice(0, end);
          buffer = buffer.slice(end + 2);
          if (!inData) command(line);
          else if (line === '.') {
            inData = false;
            mails.push(mail);
            say('250 kept');
          } else mail.data += `${line}\n`;
        }
      });
      say('220 mail.test');
    },
  };
}
