namespace Realtime.Models.Baselines;

/// <summary>
/// Arithmetic whose bits do not depend on the machine: only IEEE additions and multiplications in a fixed order. Library exponentials
/// differ between operating systems in the last bit, and vectors of the machine's own width sum in different orders.
/// </summary>
internal static class DeterministicMath
{
    // ln 2 in two parts, the first with trailing zeros so that k × Ln2High is exact (Cody and Waite 1980).
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double InverseLn2 = 1.44269504088896338700;

    /// <summary>e^x for x from -700 to 0, relative error below 1e-14; 0 below -700.</summary>
    public static double ExpOfNegative(double x)
    {
        if (x < -700) return 0;
        var k = Math.Floor(x * InverseLn2 + 0.5);
        var r = x - k * Ln2High - k * Ln2Low;

        // Taylor series in Horner form: |r| <= ln2 / 2, so that the 14th term is below 1e-17.
        var sum = 1.0;
        for (var n = 13; n >= 1; n--) sum = 1 + r / n * sum;
        return sum * BitConverter.Int64BitsToDouble(((long)k + 1023) << 52);
    }
}
