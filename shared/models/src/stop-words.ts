const words = `
a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my no not of on or our
please show so such tell than that the their them then there these they this those to us was we were what when where which who
why will with would you your
afin ai alors au aucun aucune aussi autre avant avec avez avoir c ca car ce ceci cela celle ces cet cette chez ci comme comment d
dans de depuis des donc donne dont du elle elles en encore entre est et etaient etait ete etre eu eux fait faire faut hier ici il
ils j je l la le les leur leurs lors lui m ma mais meme mes moi mon montre n ne ni nos notre nous on ont ou par pas pendant plus
pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont sous sur t ta te tes toi ton tous tout
toute toutes tu un une vers voici vos votre vous y
`;

/** French and English function words, folded as `foldText` does, and what a question is asked with ("montre", "why"). */
export const stopWords: ReadonlySet<string> = new Set(words.split(/\s+/).filter(Boolean));
