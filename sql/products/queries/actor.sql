-- products.actor: who changes, and the instant that this transaction writes into updated_at.
select current_timestamp as changed_at, left(current_setting('app.current_user_label', true), 255) as changed_by
