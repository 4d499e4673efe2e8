import Link from 'next/link';

export default function NotFound() {
  return (
    <div className="nothing">
      <h1>404</h1>
      <p>There is nothing here.</p>
      <Link href="/" prefetch={false}>
        Back to the control room
      </Link>
    </div>
  );
}
