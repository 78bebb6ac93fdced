namespace Realtime.Models.Tests.Kernels;

/// <summary>Functions in double that share nothing with the kernels.</summary>
internal static class DoubleReference
{
    /// <summary>Maclaurin series below 2.5, good to 1e-14; 1 - erfc beyond.</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) >= 2.5) return Math.Sign(x) * (1 - Erfc(Math.Abs(x)));
        double term = x, sum = x;
        for (var n = 1; n < 100 && Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }

    /// <summary>For x >= 0. Beyond 2.5 the continued fraction (DLMF 7.9.1), which keeps the relative precision.</summary>
    public static double Erfc(double x)
    {
        if (x < 2.5) return 1 - Erf(x);
        if (x > 27) return 0;
        var fraction = 0.0;
        for (var n = 60; n >= 1; n--) fraction = n / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }

    /// <summary>g (1 + erf(g / √2)) / 2.</summary>
    public static double Gelu(double g)
    {
        if (double.IsNaN(g)) return g;
        var tail = Erfc(Math.Abs(g) / Math.Sqrt(2)) / 2;
        if (g < 0) return tail == 0 ? 0 : g * tail;
        return g * (1 - tail);
    }

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
