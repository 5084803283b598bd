-- products.actor: who changes, and the instant that this transaction writes into updated_at.
select current_timestamp as changed_at, platform.current_user_id() as user_id,
       left(current_setting('app.current_user_label', true), 255) as changed_by
