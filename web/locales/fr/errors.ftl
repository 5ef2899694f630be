error-500-title = Nous avons eu un problème
