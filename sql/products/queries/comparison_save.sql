-- products.comparison_save: keeps a comparison as shown. $1 jsonb, as products.save_comparison describes it
select products.save_comparison($1::jsonb)
