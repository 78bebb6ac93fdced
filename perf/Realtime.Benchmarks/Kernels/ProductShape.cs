namespace Realtime.Benchmarks.Kernels;

/// <summary>[Rows, Inputs] times [Inputs, Outputs].</summary>
public sealed record ProductShape(int Rows, int Inputs, int Outputs)
{
    public override string ToString() => $"{Rows}x{Inputs}x{Outputs}";
}
