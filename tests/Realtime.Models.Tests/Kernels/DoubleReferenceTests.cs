namespace Realtime.Models.Tests.Kernels;

public sealed class DoubleReferenceTests
{
    // DLMF, table 7.23 and Abramowitz & Stegun, table 7.1.
    [Theory]
    [InlineData(0.1, 0.1124629160182849)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1.0, 0.8427007929497148)]
    [InlineData(2.0, 0.9953222650189527)]
    [InlineData(2.49, 0.9995707121322661)]
    [InlineData(3.0, 0.9999779095030014)]
    [InlineData(-1.0, -0.8427007929497148)]
    public void The_error_function_is_that_of_the_tables(double x, double expected) => Assert.Equal(expected, DoubleReference.Erf(x), 13);

    [Theory]
    [InlineData(3.0, 2.209049699858544e-05)]
    [InlineData(5.0, 1.537459794428035e-12)]
    [InlineData(10.0, 2.088487583762545e-45)]
    public void The_complement_keeps_its_digits(double x, double expected) => Assert.Equal(1, DoubleReference.Erfc(x) / expected, 12);
}
