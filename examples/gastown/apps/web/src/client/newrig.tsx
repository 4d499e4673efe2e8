'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { called, type Outcome } from './outcome.ts';
import { trpc } from './trpc.ts';

/** A form that tells why it was refused. */
export function NewRig() {
  const router = useRouter();
  const [outcome, setOutcome] = useState<Outcome>();
  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const rig = { name: String(fields.get('name')), repository: String(fields.get('repository')) };
    const came = await called(trpc.rigs.create.mutate(rig), ({ name }) => `${name} is there.`);
    setOutcome(came);
    if (came.open) {
      form.reset();
      router.refresh();
    }
  };
  return (
    <form className="new" onSubmit={(event) => void create(event)}>
      <input name="name" placeholder="name" aria-label="Name" required pattern="[a-z][a-z0-9\-]*" maxLength={31} />
      <input name="repository" placeholder="owner/repository" aria-label="Repository" required maxLength={200} />
      <button className="primary">New rig</button>
      <output data-state={outcome === undefined ? 'untried' : outcome.open ? 'open' : 'closed'}>{outcome?.says}</output>
    </form>
  );
}
