-- rates.business_date: today in the tenant's time zone. No parameters.
select platform.business_date() as business_date
