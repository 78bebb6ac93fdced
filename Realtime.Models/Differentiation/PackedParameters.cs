using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation;

/// <summary>Parameters with their matrices in the order that products read them, for the way forward and back. One thread refreshes, many read.</summary>
public sealed class PackedParameters
{
    // By parameter; null where it is no matrix of a linear map.
    private readonly PackedMatrix?[] _forward;
    private readonly PackedMatrix?[] _back;

    /// <summary>Packs the present values.</summary>
    public PackedParameters(ParameterSet parameters, KernelSet kernels)
    {
        (Parameters, Kernels) = (parameters, kernels);
        _forward = new PackedMatrix?[parameters.Count];
        _back = new PackedMatrix?[parameters.Count];
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            if (parameter.Kind == ParameterKind.RowTable || parameter.Shape.Count != 2) continue;
            _forward[i] = new PackedMatrix(parameter.Rows, parameter.Width, kernels.PanelWidth);
            _back[i] = new PackedMatrix(parameter.Width, parameter.Rows, kernels.PanelWidth);
        }

        Refresh();
    }

    public ParameterSet Parameters { get; }

    public KernelSet Kernels { get; }

    /// <summary>Packs the present values; call it after each step.</summary>
    public void Refresh()
    {
        for (var i = 0; i < _forward.Length; i++)
        {
            if (_forward[i] is not { } forward) continue;
            Kernels.Repack(Parameters[i].Value, transposed: false, forward);
            Kernels.Repack(Parameters[i].Value, transposed: true, _back[i]!);
        }
    }

    /// <summary>For x Wᵀ.</summary>
    internal PackedMatrix Forward(Parameter weight) => Matrix(_forward, weight);

    /// <summary>For y W.</summary>
    internal PackedMatrix Back(Parameter weight) => Matrix(_back, weight);

    private PackedMatrix Matrix(PackedMatrix?[] matrices, Parameter weight) =>
        matrices[Parameters.IndexOf(weight)] ?? throw new ArgumentException($"'{weight.Name}' is no matrix of a linear map.", nameof(weight));
}
