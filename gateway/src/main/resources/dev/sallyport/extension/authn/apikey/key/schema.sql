-- API keys of Sallyport. `sallyport key init` runs this; it may be run again. The gateway itself needs
--   grant select on sallyport_api_key, sallyport_api_key_revision
-- and whoever makes keys needs insert, update and delete on the first and update on the second as well.

create table if not exists sallyport_api_key (
    id            text primary key check (id ~ '^[0-9A-Za-z]{12}$'),
    owner         text not null check (length(owner) between 1 and 256),
    tenant        text,
    roles         text[] not null default '{}',
    claims        jsonb not null default '{}' check (jsonb_typeof(claims) = 'object'),
    hash          text not null check (hash ~ '^[0-9a-f]{64}$'),
    pepper        text not null,
    created       timestamptz not null,
    expires       timestamptz,
    disabled      boolean not null default false,
    addresses     inet[] not null default '{}',
    replaces      text,
    overlap_until timestamptz,
    revision      bigint not null default 0
);

-- One row: the number of the latest change, and of the latest that took a key away. Every change locks it, so changes
-- become visible in the order of their numbers.
create table if not exists sallyport_api_key_revision (
    only_one boolean primary key default true check (only_one),
    revision bigint not null default 0,
    removal  bigint not null default 0
);

insert into sallyport_api_key_revision default values on conflict do nothing;

create or replace function sallyport_api_key_changed() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or (tg_op = 'UPDATE' and old.id = new.id) then
        update sallyport_api_key_revision set revision = revision + 1 returning revision into new.revision;
        return new;
    end if;
    update sallyport_api_key_revision set revision = revision + 1, removal = revision + 1;
    if tg_op = 'UPDATE' then
        select revision into new.revision from sallyport_api_key_revision;
        return new;
    end if;
    return old;
end
$$;

create or replace trigger sallyport_api_key_changed
    before insert or update or delete on sallyport_api_key
    for each row execute function sallyport_api_key_changed();

create or replace trigger sallyport_api_key_emptied
    after truncate on sallyport_api_key
    for each statement execute function sallyport_api_key_changed();
