namespace Realtime.Models.Training;

/// <summary>One axis of the Bayes decoder's grid: a circle, or a line from Low to High.</summary>
internal readonly record struct BayesAxis(bool IsCircle, double Low, double High, int Cells)
{
    public static BayesAxis Circle(int cells) => new(true, 0, 2 * Math.PI, cells);

    public double Centre(int cell) => Low + (cell + 0.5) * (High - Low) / Cells;

    /// <summary>The cell a value lies in; values off a line's ends belong to its end cells.</summary>
    public int Cell(double value)
    {
        if (IsCircle) value -= Math.Floor(value / (2 * Math.PI)) * (2 * Math.PI);
        return Math.Clamp((int)((value - Low) / (High - Low) * Cells), 0, Cells - 1);
    }

    /// <summary>Weights [cells, cells] of a Gaussian around each cell, each row summing to 1; wrapped on a circle, cut off at a line's
    /// ends.</summary>
    public double[,] Smoothing(double sigmaCells)
    {
        var weights = new double[Cells, Cells];
        for (var to = 0; to < Cells; to++)
        {
            double sum = 0;
            for (var from = 0; from < Cells; from++)
            {
                var distance = Math.Abs(to - from);
                if (IsCircle) distance = Math.Min(distance, Cells - distance);
                weights[to, from] = sigmaCells > 0 ? Math.Exp(-0.5 * distance * distance / (sigmaCells * sigmaCells)) : distance == 0
                    ? 1 : 0;
                sum += weights[to, from];
            }

            for (var from = 0; from < Cells; from++) weights[to, from] /= sum;
        }

        return weights;
    }
}
