namespace Realtime.Engine.Numerics;

/// <summary>
/// Exp, Log, Sin and Cos out of additions, multiplications and divisions alone. Math.Exp and its kin call each platform's C library,
/// whose last bits differ; these give the same bits wherever arithmetic is IEEE 754, to within a few units in the last place.
/// </summary>
public static class PortableMath
{
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double HalfPiHigh = 1.57079632673412561417;
    private const double HalfPiLow = 6.07710050650619224932e-11;

    /// <summary>e to the x; 0 below -700 and e^700 above 700.</summary>
    public static double Exp(double x)
    {
        if (x < -700) return 0;
        if (x > 700) x = 700;
        var k = Math.Floor(x / (Ln2High + Ln2Low) + 0.5);
        var r = x - k * Ln2High - k * Ln2Low;
        // Taylor's series; |r| <= 0.35, so the next term is below 1e-17.
        var sum = 1.0;
        for (var n = 13; n >= 1; n--) sum = 1 + sum * r / n;
        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>Natural logarithm of a positive, normal number.</summary>
    public static double Log(double x)
    {
        var k = Math.ILogB(x);
        var m = Math.ScaleB(x, -k);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            k++;
        }

        // ln m = 2 artanh((m - 1) / (m + 1)), with |s| <= 0.172.
        var s = (m - 1) / (m + 1);
        var square = s * s;
        var sum = 0.0;
        for (var n = 23; n >= 1; n -= 2) sum = sum * square + 1.0 / n;
        return 2 * s * sum + k * Ln2Low + k * Ln2High;
    }

    public static double Sin(double x) => Quarter(x, 0);

    public static double Cos(double x) => Quarter(x, 1);

    // |x| up to about 1e5 keeps the reduction exact to 1e-11; angles here stay far below.
    private static double Quarter(double x, int shift)
    {
        var k = Math.Floor(x / (HalfPiHigh + HalfPiLow) + 0.5);
        var r = x - k * HalfPiHigh - k * HalfPiLow;
        var square = r * r;
        var quadrant = (int)(((long)k + shift) & 3);
        var value = (quadrant & 1) == 0 ? SinSeries(r, square) : CosSeries(square);
        return quadrant >= 2 ? -value : value;
    }

    private static double SinSeries(double r, double square)
    {
        var sum = 1.0;
        for (var n = 16; n >= 2; n -= 2) sum = 1 - sum * square / (n * (n + 1));
        return r * sum;
    }

    private static double CosSeries(double square)
    {
        var sum = 1.0;
        for (var n = 16; n >= 2; n -= 2) sum = 1 - sum * square / (n * (n - 1));
        return sum;
    }
}
