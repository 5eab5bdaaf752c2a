# Sources of migrations.
